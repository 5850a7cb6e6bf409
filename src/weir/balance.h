// Balancing policies in one include: the interface, those of the library, and their catalog.

#pragma once

#include "weir/balance/catalog.h"
#include "weir/balance/central_queue.h"
#include "weir/balance/least_loaded.h"
#include "weir/balance/least_score.h"
#include "weir/balance/p2c.h"
#include "weir/balance/picker.h"
#include "weir/balance/policy.h"
#include "weir/balance/policy_spec.h"
#include "weir/balance/random_choice.h"
#include "weir/balance/round_robin.h"
#include "weir/balance/view.h"
#include "weir/balance/weighted_round_robin.h"
