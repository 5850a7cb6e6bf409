// Work without replies in one include: the pool of workers, fan-out, and limits of rate.

#pragma once

#include "weir/pool/fan_out.h"
#include "weir/pool/figures.h"
#include "weir/pool/rate_limiter.h"
#include "weir/pool/token_bucket.h"
#include "weir/pool/worker_pool.h"
