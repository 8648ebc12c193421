// How the bounds depend on each other: what is wrong here does not compile.
#include "storage/bounds.hpp"

namespace mentat_sync::bounds {

static_assert(chunk_bytes_default <= chunk_bytes_max);
static_assert(chunk_bytes_default <= batch_bytes, "one chunk must fit a batch");
static_assert(chunk_bytes_max <= writer_queue_bytes, "the largest chunk must fit the queue");
static_assert(push_bytes_default <= push_bytes_max);
static_assert(client_event_silence > 2 * event_heartbeat);
static_assert(client_answer_timeout > answer_timeout, "the server says it first");
static_assert(client_push_bytes <= push_bytes_default);
static_assert(client_push_items <= push_items);
static_assert(push_items * (chunk_id_chars + 3) < client_answer_bytes);
static_assert(push_bytes_max <= writer_queue_bytes, "the largest push must fit the queue");
static_assert(push_bytes_default <= user_queue_bytes);
static_assert(watch_wait_max < answer_timeout, "a watch ends before its connection is given up");
static_assert(event_heartbeat < answer_timeout);
static_assert(user_queue_commands <= writer_queue_commands);
static_assert(user_queue_bytes <= writer_queue_bytes);
static_assert(chunks_per_transaction * (chunk_id_chars + 3) < json_body_bytes);
static_assert(page_transactions_default <= page_transactions_max);
static_assert(header_bytes <= header_bytes_max);
static_assert(header_bytes_max <= read_buffer_bytes_max, "a header must fit the read buffer");
static_assert(target_bytes_min < header_bytes_min);
static_assert(json_body_bytes <= json_body_bytes_max);
static_assert(push_bytes_max <= bodies_bytes_default, "the largest push must fit");
static_assert(chunk_bytes_default <= answers_bytes_default, "a chunk must fit");
static_assert(log_part_bytes_min % 3 == 0);
static_assert(log_part_bytes_min < log_first_piece_bytes);
static_assert(log_coded_piece_bytes <= log_piece_bytes);
static_assert(credentials_bytes < header_bytes);
static_assert(connections_per_address_default <= connections_default);
static_assert(read_buffer_bytes_min <= read_buffer_bytes_max);
static_assert(target_bytes < header_bytes);
static_assert(connections_default <= connections_max);
static_assert(passivate_after_min <= passivate_after);
static_assert(threads_max < reader_slots, "each I/O thread reads");

}  // namespace mentat_sync::bounds
