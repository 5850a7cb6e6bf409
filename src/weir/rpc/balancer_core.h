// The balancer without the types of its requests: one task that owns the view of its workers.
//
// All that it hears comes through one channel, in the order in which it was sent: a request, an
// attempt that has finished, a caller that has left, a worker that joins, drain, stop; and there
// are the ticks of the policy. It never blocks on a worker: a worker is sent an attempt only when
// one of its slots is free, so its inbox always has room. (Rob Pike's demo can deadlock when queues
// are bounded and full: the balancer waits to send, the worker waits to report.)
//
// Where a request waits: in the balancer's line of the worker that the policy chose, or in the
// central line if the policy holds it back. Both belong to the balancer's task, so an attempt whose
// caller has left leaves its line at once, and every discipline is written once. What is in a
// worker's inbox is being served, or will be as soon as the worker's task runs.
//
// With overflow `block` the balancer keeps the one request that it cannot place; those that come
// after it wait outside, their deadlines running, and are taken in when it has found a place.
//
// Several balancers may share a worker. None of them knows what the others have sent, so the line
// is the worker's own: each sends what the worker would have room for if it had nobody else's, and
// hears of it if there was none.
//
// Not two channels, one for requests and one for the rest, which would keep blocked requests where
// they are: a select over two costs several times what a receive does, for every request twice.
//
// Owned by the tasks that use it, together: whoever is last frees it.

#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weir/balance/p2c.h"
#include "weir/balance/picker.h"
#include "weir/rpc/door.h"
#include "weir/rpc/envelope.h"
#include "weir/rpc/network.h"
#include "weir/rpc/observer.h"
#include "weir/rpc/retry.h"
#include "weir/rpc/waiting_index.h"
#include "weir/rpc/waiting_line.h"
#include "weir/rpc/worker_handle.h"
#include "weir/runtime/task.h"
#include "weir/sync/channel.h"
#include "weir/sync/context.h"

namespace weir::rpc {

// Of an attempt that was never served.
Failure rejected(Failure::Reason reason);

// What the end of a context means for a call.
Failure ended_by(const Context& context);

// How a call with that context and deadline has ended, if its end has come.
std::optional<Failure> end_of(const Context& context, TimePoint deadline);

// The random numbers of a call or a balancer; 0 stands for one that nobody has named.
Random stream_of(Purpose purpose, std::uint64_t id);

struct BalancerOptions {
  balance::PolicySpec policy = balance::p2c();
  QueueOptions queue = {};  // of each worker, and of the central line
  RetryOptions retry = {};  // of calls that bring none of their own
  balance::FilterOptions filter = {};
  DoorOptions door = {};             // connection slots, and a rate
  const Network* network = nullptr;  // before the door; outlives the balancer's calls. Null: none
  // What pays for retries, by CallOptions::account; one that is empty, or not there, covers every
  // retry.
  std::vector<std::optional<BudgetOptions>> budgets = {BudgetOptions()};
  Duration stale{};  // the policy's view is brought up to date once in so long; 0: at once
  Observer* observer = nullptr;  // outlives the balancer's task
  std::uint64_t id = 0;          // names the balancer's random numbers; 0: some
  std::uint16_t number = 0;      // among the balancers that share workers
};

struct WorkerOptions {
  std::string name = {};
  double weight = 1;
  double speed = 1;                              // as policies see it
  std::uint32_t concurrency = 1;                 // attempts served side by side
  balance::Health health = balance::Health::up;  // at first
  std::uint32_t concurrency_max = 0;             // to what WorkerHandle may raise it; 0: not at all
  std::optional<QueueOptions> queue = std::nullopt;  // instead of the balancer's
  bool shared = false;  // with other balancers: it has the line itself, and may refuse
};

// Attempts that the worker's inbox has to hold.
inline std::uint32_t slots_of(const WorkerOptions& options) {
  return std::max(options.concurrency, options.concurrency_max);
}

class BalancerCore : public Counted {
 public:
  using Inbox = Channel<std::unique_ptr<Envelope>>;

  // A worker is done with an attempt. One that shared workers refuse, or that leaves the line of
  // such a worker, has never started.
  struct Finished {
    static Finished of(const Envelope& attempt, bool success);

    Timing timing{};
    double cost = 1;
    std::uint32_t account = 0;
    std::uint16_t balancer = 0;  // that the worker has it from, if several share the worker
    bool success = false;
    Reason left_for = Reason::none;  // why the caller had left, if it had
  };

  BalancerCore(const Context& context, BalancerOptions options);
  ~BalancerCore();

  const BalancerOptions& options() const { return options_; }

  // What an attempt passes before it comes here; null: no door.
  Door* door() const { return door_.get(); }
  bool has_passage() const { return has_passage_; }

  // The balancer's task. It ends when its context is cancelled or a drain was asked for, and
  // nothing waits or is being served any more.
  static Task<> run(Shared<BalancerCore> self);

  // Each of the next three has a first half that never parks, and gives false if it would have to.

  // For callers. Sends the attempt on its way; a failure if the caller's context ended first or the
  // balancer has.
  bool try_submit(std::unique_ptr<Envelope>& envelope);
  Task<std::optional<Failure>> submit(std::unique_ptr<Envelope> envelope, Context caller);

  // For callers that leave unanswered: the attempt with this reply channel leaves its line.
  bool try_leave(const ChannelAccess& reply);
  Task<> leave(ChannelHandle reply);

  // For workers.
  bool try_report(const Finished& finished);
  Task<> report(Finished finished);

  // Adds a worker, whose inbox holds as many attempts as it has slots. Never parks.
  void join(WorkerOptions options, Inbox inbox, std::shared_ptr<WorkerCard> card);

  // For owners of workers; parks until the balancer's task has room for it.
  Task<> order(WorkerOrder order);

  // Changes BalancerOptions::stale.
  Task<> set_stale(Duration period);

  // Takes no further calls, serves what is there, and ends.
  Task<> drain();

  // Cancels the balancer's context: what waits is failed, what is being served is finished.
  void stop() const { running_.cancel(); }

  // Cancelled when the task has ended.
  const Context& ended() const { return ended_.context; }

 private:
  struct Worker;
  struct Report : Note {
    explicit Report(const Finished& what) : Note(Kind::finished), finished(what) {}
    const Finished finished;
  };
  struct Left : Note {
    explicit Left(ChannelHandle unread) : Note(Kind::left), reply(std::move(unread)) {}
    const ChannelHandle reply;
  };
  struct Joined;
  struct Order;
  struct Stale : Note {
    explicit Stale(Duration age) : Note(Kind::stale), period(age) {}
    const Duration period;
  };

  static Task<> watch(Shared<BalancerCore> self);
  Task<> tell(std::unique_ptr<Note> note);
  void turn_away_the_late();
  static void turn_away(Note& note);

  // Each belongs to the balancer's task.
  void take(std::unique_ptr<Note> note);
  void on_request(std::unique_ptr<Envelope> envelope);
  void on_finished(const Finished& finished);
  void on_served(const Finished& finished);
  void on_unserved(const Finished& finished);
  void on_left(const ChannelHandle& reply);
  void on_joined(const Joined& joined);
  void on_order(const WorkerOrder& order);
  void on_stale(Duration period);
  void on_drain();
  void on_tick();

  void accept(std::unique_ptr<Envelope> envelope);
  bool place(std::unique_ptr<Envelope>& envelope);
  bool hold(std::unique_ptr<Envelope>& envelope);
  bool can_take(balance::WorkerIndex index) const;
  void deliver(balance::WorkerIndex index, std::unique_ptr<Envelope> envelope);
  void drop_oldest(Worker& worker);
  void start(Worker& worker, std::unique_ptr<Envelope> envelope);
  static void send_shared(Worker& worker, std::unique_ptr<Envelope> envelope);
  void serve_next(Worker& worker);
  void serve_line();
  void place_kept();
  void take_in();
  void place_waiting();
  bool pay_for(const Envelope& envelope);

  void change(const WorkerOrder& order);
  void remove(Worker& worker);
  void place_anew(Worker& worker);
  static void tell_if_idle(Worker& worker);

  void wait_in(WaitingLine& line, std::unique_ptr<Envelope> envelope,
               std::optional<balance::WorkerIndex> worker = std::nullopt);
  void forget(Envelope& envelope);
  void dismiss(Worker& worker, const Envelope& envelope);
  void fail_all_waiting();
  bool over() const;
  void finish();
  void show(const Worker& worker);
  void show_line();

  // Constant after construction.
  const BalancerOptions options_;
  const std::unique_ptr<Door> door_;
  const bool has_passage_;
  CancelScope running_;
  CancelScope ended_;
  Channel<std::unique_ptr<Note>> notes_;

  // Owned by the balancer's task.
  TimePoint now_{};
  balance::Picker picker_;
  std::vector<std::unique_ptr<Worker>> workers_;  // by WorkerIndex
  WaitingLine line_;
  std::unique_ptr<Envelope> kept_;         // cannot be placed, with overflow block
  WaitingLine outside_{Discipline::fifo};  // those that came after it, not accepted yet
  std::size_t waiting_ = 0;                // in all lines
  WaitingIndex can_leave_;                 // of those
  std::vector<std::optional<RetryBudget>> budgets_;
  std::size_t in_service_ = 0;
  bool closing_ = false;  // drains or stops
};

}  // namespace weir::rpc
