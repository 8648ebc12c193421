// Everything that is spelled differently in CAF 0.17.6 and CAF 1.x, and nothing else. No other file
// may ask for CAF's version.
//
// Thread-safety: init_types() before the first actor_system; anon_tell() and anon_exit() from any
// thread; the rest from the actor that is passed as `self`.
// Source: CAF's manual for 1.x; the headers of 0.17.6.
#pragma once

#include <caf/all.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

// CAF_VERSION does not tell: 1.1.0 defines it as 0100, an octal number.
#if __has_include(<caf/anon_mail.hpp>)
#define MENTAT_SYNC_CAF_1 1
#include <caf/anon_mail.hpp>
#else
#define MENTAT_SYNC_CAF_1 0
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

inline void use_sharing_scheduler(caf::actor_system_config& config, std::size_t threads) {
  config.set("caf.scheduler.policy", "sharing");
  config.set("caf.scheduler.max-threads", threads);
}

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

inline void use_sharing_scheduler(caf::actor_system_config& config, std::size_t threads) {
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", threads);
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
