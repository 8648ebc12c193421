// Everything that is spelled differently in CAF 0.17.6 and CAF 1.x, and nothing else. No other file
// may ask for CAF's version.
//
// Thread-safety: init_types() before the first actor_system; anon_tell() and anon_exit() from any
// thread, LentThread too; the rest from the actor that is passed as `self`.
// Source: CAF's manual for 1.x; the headers of 0.17.6.
#pragma once

#include <caf/all.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

// CAF_VERSION does not tell: 1.1.0 defines it as 0100, an octal number.
#if __has_include(<caf/anon_mail.hpp>)
#define MENTAT_SYNC_CAF_1 1
#include <caf/anon_mail.hpp>
#else
#define MENTAT_SYNC_CAF_1 0
#include <caf/policy/work_sharing.hpp>
#include <caf/scheduler/coordinator.hpp>
#include <caf/scoped_execution_unit.hpp>
#endif

// --- Type ids (CAF 1.x) ------------------------------------------------------------------------

/// Where our block of type ids starts. It leaves an embedder a thousand ids from
/// caf::first_custom_type_id on; define it otherwise, for all translation units, on a collision.
#ifndef MENTAT_SYNC_FIRST_TYPE_ID
#define MENTAT_SYNC_FIRST_TYPE_ID 1200
#endif

// Names the types of two lists (macros that apply their argument to each type of namespace
// mentat_sync) as message types.
#if MENTAT_SYNC_CAF_1
#define MENTAT_SYNC_TYPE_ID(type) CAF_ADD_TYPE_ID(mentat_sync, (mentat_sync::type))
#define MENTAT_SYNC_MESSAGE_TYPES(wire_types, local_types)         \
  CAF_BEGIN_TYPE_ID_BLOCK(mentat_sync, MENTAT_SYNC_FIRST_TYPE_ID)  \
  wire_types(MENTAT_SYNC_TYPE_ID) local_types(MENTAT_SYNC_TYPE_ID) \
      CAF_END_TYPE_ID_BLOCK(mentat_sync)
#define MENTAT_SYNC_INIT_MESSAGE_TYPES() \
  caf::core::init_global_meta_objects(); \
  caf::init_global_meta_objects<caf::id_block::mentat_sync>()
#else
#define MENTAT_SYNC_MESSAGE_TYPES(wire_types, local_types)
#define MENTAT_SYNC_INIT_MESSAGE_TYPES()
#endif

namespace mentat_sync::compat {

#if MENTAT_SYNC_CAF_1

// --- Interfaces and messages -------------------------------------------------------------------

/// A handler that takes an In and answers an Out.
template <class Out, class In>
using answers = caf::result<Out>(In);

/// A handler that takes an In and answers nothing.
template <class In>
using tells = caf::result<void>(In);

/// What an inspect function returns.
template <class Inspector>
using Inspected = bool;

/// For a module of CAF with types of its own (caf::io::middleman).
template <class Module>
void init_module_types() {
  Module::init_global_meta_objects();
}

template <class T>
void add_type(caf::actor_system_config&, const char*) {}

// --- Where actors run --------------------------------------------------------------------------

/// CAF 1.x takes no scheduler from outside: actors run on its own threads only.
inline constexpr bool lends_threads = false;

inline void use_lending_scheduler(caf::actor_system_config& config, std::size_t threads) {
  config.set("caf.scheduler.policy", "sharing");
  config.set("caf.scheduler.max-threads", threads);
}

class LentThread {
 public:
  explicit LentThread(caf::actor_system&) {}
};

// --- State, asking and telling -----------------------------------------------------------------

/// The state of a stateful actor.
template <class Self>
auto& state_of(Self* self) {
  return self->state();
}

/// From any thread. A message to an actor that is no more is destroyed.
template <class Handle, class Message>
void anon_tell(const Handle& to, Message&& message) {
  caf::anon_mail(std::forward<Message>(message)).send(to);
}

/// The actor tells itself, later.
template <class Self, class Message>
void tell_self_later(Self* self, std::chrono::nanoseconds delay, Message&& message) {
  self->mail(std::forward<Message>(message)).delay(delay).send(self);
}

/// Hands the present request on: `to` answers it.
template <class Self, class Handle, class Message>
auto delegate(Self* self, const Handle& to, Message&& message) {
  return self->mail(std::forward<Message>(message)).delegate(to);
}

/// To be followed by .then(…) in an actor, by .receive(…) with a scoped_actor.
template <class Self, class Handle, class Message>
auto ask(Self& self, const Handle& to, std::chrono::nanoseconds timeout, Message&& message) {
  return self->mail(std::forward<Message>(message)).request(to, timeout);
}

#else  // CAF 0.17.6

template <class Out, class In>
using answers = typename caf::replies_to<In>::template with<Out>;

template <class In>
using tells = caf::reacts_to<In>;

template <class Inspector>
using Inspected = typename Inspector::result_type;

template <class Module>
void init_module_types() {}

template <class T>
void add_type(caf::actor_system_config& config, const char* name) {
  config.add_message_type<T>(name);
}

// --- Where actors run --------------------------------------------------------------------------

/// Whether LentThread does anything.
inline constexpr bool lends_threads = true;

/// While it lives, actors that become ready by what the calling thread does have it run them: they
/// run, in the order in which they became ready, at the end of the outermost one. They must not
/// block. Of a system without a LendingScheduler they run on its own threads, as ever.
class LentThread {
 public:
  explicit LentThread(caf::actor_system& system) : outermost_(ready().system == nullptr) {
    if (outermost_) ready().system = &system;
  }
  ~LentThread() {
    if (outermost_) run();
  }
  LentThread(const LentThread&) = delete;
  LentThread& operator=(const LentThread&) = delete;

  /// Whether the calling thread is lent to this system, and runs the job then.
  static bool takes(const caf::actor_system& system, caf::resumable* job) {
    Ready& here = ready();
    if (here.system != &system) return false;
    here.jobs.push_back(job);
    return true;
  }

 private:
  /// How long a loan may last; what is left is for CAF's own threads, so that a loop comes back to
  /// its sockets however busy other threads keep the actors. A single message may take longer.
  static constexpr std::chrono::milliseconds loan_max{2};
  /// Of one actor, before the next one's turn.
  static constexpr std::size_t messages_max = 64;

  using Clock = std::chrono::steady_clock;

  struct Ready {
    caf::actor_system* system = nullptr;
    std::vector<caf::resumable*> jobs;
  };
  static Ready& ready() {
    static thread_local Ready here;
    return here;
  }

  static void run() {
    Ready& here = ready();
    caf::actor_system& system = *here.system;
    caf::scoped_execution_unit unit{&system};
    const auto end = Clock::now() + loan_max;
    std::size_t done = 0;
    while (done < here.jobs.size()) {
      resume(here.jobs[done++], unit);
      if (done < here.jobs.size() && Clock::now() > end) break;
    }
    here.system = nullptr;  // from here on the system's own threads take what becomes ready
    for (; done < here.jobs.size(); ++done) system.scheduler().enqueue(here.jobs[done]);
    here.jobs.clear();
  }

  /// As caf::scheduler::worker does it.
  static void resume(caf::resumable* job, caf::scoped_execution_unit& unit) {
    switch (job->resume(&unit, messages_max)) {
      case caf::resumable::resume_later:
        ready().jobs.push_back(job);
        break;
      case caf::resumable::done:
      case caf::resumable::awaiting_message:
        caf::intrusive_ptr_release(job);
        break;
      case caf::resumable::shutdown_execution_unit:  // for the threads of CAF alone
        break;
    }
  }

  bool outermost_;
};

/// CAF's sharing scheduler, which leaves to a lent thread what becomes ready there.
class LendingScheduler : public caf::scheduler::coordinator<caf::policy::work_sharing> {
 public:
  using Sharing = caf::scheduler::coordinator<caf::policy::work_sharing>;
  using Sharing::Sharing;

  static caf::actor_system::module* make(caf::actor_system& system, caf::detail::type_list<>) {
    return new LendingScheduler(system);
  }

  void enqueue(caf::resumable* job) override {
    if (!LentThread::takes(system(), job)) Sharing::enqueue(job);
  }
};

inline void use_lending_scheduler(caf::actor_system_config& config, std::size_t threads) {
  config.set("scheduler.max-threads", threads);
  config.load<LendingScheduler>();
}

template <class Self>
auto& state_of(Self* self) {
  return self->state;
}

template <class Handle, class Message>
void anon_tell(const Handle& to, Message&& message) {
  caf::anon_send(to, std::forward<Message>(message));
}

template <class Self, class Message>
void tell_self_later(Self* self, std::chrono::nanoseconds delay, Message&& message) {
  self->delayed_send(self, delay, std::forward<Message>(message));
}

template <class Self, class Handle, class Message>
auto delegate(Self* self, const Handle& to, Message&& message) {
  return self->delegate(to, std::forward<Message>(message));
}

template <class Self, class Handle, class Message>
auto ask(Self& self, const Handle& to, std::chrono::nanoseconds timeout, Message&& message) {
  return self->request(to, caf::duration{timeout}, std::forward<Message>(message));
}

#endif

// --- Inspecting --------------------------------------------------------------------------------

template <class T>
struct Field {
  const char* name;
  T& value;
};

/// One named member of a message.
template <class T>
Field<T> field(const char* name, T& value) {
  return {name, value};
}

/// Reads or writes an object member by member.
template <class Inspector, class T, class... Ts>
Inspected<Inspector> inspect_fields(Inspector& f, T& object, const char* type,
                                    Field<Ts>... fields) {
#if MENTAT_SYNC_CAF_1
  (void)type;
  return f.object(object).fields(f.field(fields.name, fields.value)...);
#else
  (void)object;
  return f(caf::meta::type_name(type), fields.value...);
#endif
}

/// Writes what `get` returns; reads such a value and hands it to `set`, which refuses it with
/// false.
template <class Inspector, class Get, class Set>
Inspected<Inspector> inspect_as(Inspector& f, Get get, Set set) {
#if MENTAT_SYNC_CAF_1
  return f.apply(get, set);
#else
  auto wire = get();
  auto load = [&]() -> caf::error {
    return set(std::move(wire)) ? caf::error{} : caf::make_error(caf::sec::invalid_argument);
  };
  return f(wire, caf::meta::load_callback(load));
#endif
}

// --- Serialising by hand, for tests ------------------------------------------------------------

/// The binary form of `value`.
template <class T>
std::string to_bytes(caf::actor_system& system, T& value) {
#if MENTAT_SYNC_CAF_1
  (void)system;
  caf::byte_buffer buffer;
  caf::binary_serializer sink{buffer};
  const bool ok = sink.apply(value);
#else
  std::vector<char> buffer;
  caf::binary_serializer sink{system, buffer};
  const bool ok = !sink(value);
#endif
  return ok ? std::string{reinterpret_cast<const char*>(buffer.data()), buffer.size()} : "";
}

/// Whether `bytes` are a T, which `value` then is.
template <class T>
bool from_bytes(caf::actor_system& system, const std::string& bytes, T& value) {
#if MENTAT_SYNC_CAF_1
  (void)system;
  caf::const_byte_span span{reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()};
  caf::binary_deserializer source{span};
  return source.apply(value);
#else
  caf::binary_deserializer source{system, bytes.data(), bytes.size()};
  return !source(value);
#endif
}

}  // namespace mentat_sync::compat
