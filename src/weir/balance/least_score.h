// Sends to the worker with the lowest score of all: the shape that several policies share.
//
// A score looks at one worker and says how much is against it; weights break ties. What is kept is
// a tournament of scores, so a pick and an event cost O(log n).

#pragma once

#include <functional>
#include <string>

#include "weir/balance/policy_spec.h"
#include "weir/balance/score_tree.h"

namespace weir::balance {

// Lower is better; ScoreTree::absent: not now. It may depend on nothing but the worker, since it is
// asked only after events that name it: a score that ages with time needs another chooser.
using Score = std::function<double(const WorkerView&)>;

// Holds the request while every eligible worker's score is absent.
PolicySpec least_score(std::string text, Score score);

}  // namespace weir::balance
