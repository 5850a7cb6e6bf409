#!/bin/sh
# Makes access.log: two minutes of a shop whose customers come in waves, as an Apache server with six
# threads would log them in the combined format with %D behind. The same seed gives the same bytes.
#
#   examples/make_access_log.sh path/to/weir > examples/access.log
set -eu
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cat > "$folder/shop.toml" <<'END'
weir = 1
seed = 2000
[horizon]
kind = "terminating"
time = "120s"
replications = 1
[[load]]
name = "shop"
arrival = "onoff(on=exp(6s)@9/s, off=exp(12s)@1.5/s)"
service = "lognormal(mean=250ms, cv=1.2)"
[balancer]
policy = "central_queue"
[[workers]]
name = "thread"
count = 6
END
"$1" run "$folder/shop.toml" --quiet --log "$folder/log.csv" > "$folder/report"
awk -F, 'NR > 1 && $9 != "" {
  at = int($4)
  printf "192.0.2.%d - - [10/Oct/2000:13:%02d:%02d +0000] \"GET /item/%d HTTP/1.1\" 200 %d \"-\" \"-\" %d\n",
    $3 * 7919 % 251, 55 + int(at / 60), at % 60, $3 * 104729 % 997, 200 + ($8 - $7) * 60000,
    ($9 - $4) * 1000000
}' "$folder/log.csv"
