// The vocabulary of concurrent programs in one include: tasks, schedulers, channels, select,
// contexts.

#pragma once

#include "weir/base/time.h"
#include "weir/runtime/blocking.h"
#include "weir/runtime/blocking_region.h"
#include "weir/runtime/explore.h"
#include "weir/runtime/external_hold.h"
#include "weir/runtime/go.h"
#include "weir/runtime/run.h"
#include "weir/runtime/task.h"
#include "weir/runtime/this_task.h"
#include "weir/sync/after_func.h"
#include "weir/sync/batch.h"
#include "weir/sync/channel.h"
#include "weir/sync/context.h"
#include "weir/sync/context_value.h"
#include "weir/sync/descriptor.h"
#include "weir/sync/mutex.h"
#include "weir/sync/once.h"
#include "weir/sync/select.h"
#include "weir/sync/semaphore.h"
#include "weir/sync/signal_context.h"
#include "weir/sync/sleep.h"
#include "weir/sync/task_group.h"
#include "weir/sync/ticker.h"
#include "weir/sync/wait_group.h"
