#include "weir/sim/experiment.h"
