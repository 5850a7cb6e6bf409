#include "weir/cli/help.h"

namespace weir::cli {

std::string_view program_lesson() {
  return R"(
Examples:
  weir list                                  what is there to try
  weir run pike                              Rob Pike's balancer, in virtual time
  weir run pike --set load.requesters.clients=25
  weir compare strategies --policies round_robin,p2c,least_loaded
  weir sweep strategies --axis workers.fast.count=7..12
  weir run mine.toml --json - | jq .loads    a scenario of your own, as data

weir COMMAND --help tells more. Data goes to standard output, progress and errors to standard
error; colours appear on terminals only and never when NO_COLOR is set.

Exit codes; where several hold, the first of this order:
  2    bad input: a file, an option or a value; nothing was run
  130  interrupted by Ctrl-C (SIGTERM: 143), after a report of what is complete
  3    the run cannot be trusted: too short, or the generator fell behind
  1    an expectation of the scenario was missed
  0    all is well
)";
}

std::string_view lesson_of(Arguments::Command command) {
  switch (command) {
    case Arguments::Command::run:
      return R"(
Examples:
  weir run pike --policy central_queue       the same clients, one line for all workers
  weir run pike --set workers.pool.count=40 --replications 3
  weir run strategies --set load.web.arrival='poisson(850/s)' --seed 7
  weir run strategies --json result.json     the table and the data
  weir run pike --trace trace.json           open the file at https://ui.perfetto.dev
  weir run pike --log requests.csv --log-sample 1%    a line for one request in a hundred
  weir run light --real                      in real time: once, with intervals from batches

--set takes any key of the scenario; a table in a list goes by its name. The same scenario and seed
give the same figures on any machine, whatever --jobs is.
)";
    case Arguments::Command::compare:
      return R"(
Examples:
  weir compare strategies --policies round_robin,random,p2c,least_loaded,central_queue
  weir compare strategies --policies 'p2c,p2c(d=3),p2c(d=5)' --replications 30
  weir compare strategies --policies p2c,least_loaded --csv figures.csv
  weir compare light --modes virtual,real    one policy: does the machine do what the model says?

Every policy meets the same arrivals and the same service times, so differences are those of the
policies. Brackets keep their commas.
)";
    case Arguments::Command::sweep:
      return R"(
Examples:
  weir sweep strategies --axis balancer.policy=random,p2c --baseline balancer.policy=random
  weir sweep strategies --axis 'load.web.arrival=poisson({400..800 step 200}/s)'
  weir sweep strategies --axis workers.fast.count=7..12 --metric web.response.p99,web.success
  weir sweep mine.toml -x                    list the points of its [sweep] table
  weir sweep mine.toml --out results         a journal: after a crash or Ctrl-C …
  weir sweep mine.toml --out results --resume   … go on, to the same bytes
  weir sweep mine.toml --out part1 --shard 1/2  half of the points; weir merge puts them together

Every point meets the same arrivals and service times. {1..8} and {400..1000 step 100} are ranges;
an axis named like one of the scenario's replaces its values. --baseline policy=random compares each
point with the one that differs in that axis alone.
)";
    case Arguments::Command::merge:
      return R"(
Examples:
  weir merge part1 part2 --json all.json
  weir merge part1/journal.jsonl part2/journal.jsonl --csv -

Takes folders of --out, journals, and results that weir sweep --shard wrote as JSON. All points put
together give what one sweep would have given, to the byte.
)";
    case Arguments::Command::plan:
      return R"(
Examples:
  weir plan strategies --slo 'p99<100ms'                  the fewest fast workers
  weir plan strategies --slo 'p99<100ms' --down 1         … when one of them is missing
  weir plan strategies --slo 'success>99.9%' --rate       the most requests a second
  weir plan pike --slo 'mean<10s' --vary load.requesters.clients

A value meets the objective if the whole 95 % interval does. Every probe meets the same random
numbers; exit code 1 says that nothing within the bounds meets it.
)";
    case Arguments::Command::replay:
      return R"(
Examples:
  weir replay access.log --duration last:us --policies round_robin,p2c    Apache with %D
  weir replay access.log --duration rt:s --stamped end     nginx with rt=$request_time
  weir replay access.log --service 'exp(5ms) + 4ns/B' --workers 8    a log without durations
  weir replay requests.csv --time began:ms --duration took:us --bytes sent
  zcat access.log.gz | weir replay - mine.toml --rate-scale 2x    your workers, twice the load
  weir replay access.log --duration last:us --from 10m --for 1h --write mine.toml

Reads the Common Log Format and the combined one, CSV, JSONL, and what weir run --log writes. Says
what it learns (rate, bursts, durations, sizes), then replays the log from its first request to the
last reply. Request by request, when it came, how long it took and its bytes stay together.
)";
    case Arguments::Command::check:
      return R"(
Examples:
  weir check mine.toml
  weir check mine.toml --set balancer.policy='p2c(d=3)'

Says what will be run and about how long that takes, which a few moments of it tell, and what
theory knows of it; or where and what the first mistake is.
)";
    case Arguments::Command::validate:
      return R"(
Examples:
  weir validate                              all that theory knows, in half a minute or so
  weir validate --list                       which rows there are
  weir validate --family M/M/c --seed 7
  weir validate --json - | jq '.rows[] | select(.pass | not)'

Runs scenarios whose answers are known exactly, with the engine that runs yours, and holds every
figure to its exact value. The exit code is 1 if a row fails.
)";
    case Arguments::Command::bench:
      return R"(
Examples:
  weir bench                                 everything, in half a minute
  weir bench --list                          what there is
  weir bench ping_pong select --seconds 5    two subjects, with patience
  weir bench workers --workers 1,2,3,4       how many workers for jobs that compute, or wait?
  weir bench runtime --processors 1,2,4 --csv -

Each line is a median over rounds that go round all lines, with the least and the greatest. Figures
of two machines, or of a busy one, say little; a line with ? does not even agree with itself.
)";
    case Arguments::Command::list:
      break;
  }
  return "";
}

}  // namespace weir::cli
