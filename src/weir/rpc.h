// Requests with a reply channel, spread over workers: the balancer and what goes with it.

#pragma once

#include "weir/balance.h"
#include "weir/rpc/balancer.h"
#include "weir/weir.h"
