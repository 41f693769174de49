#pragma once
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "local_backend/engine_thread.hpp"
#include "local_backend/house.hpp"
#include "local_backend/http/gatekeeper.hpp"
#include "local_backend/http/types.hpp"
#include "local_backend/options.hpp"

namespace naru::local_backend {

/// What every connection needs. One a process; outlives the connections. Thread: the HTTP thread, but for what its parts say.
struct service {
  const options& settings;
  engine_thread& engine;
  house& jobs;
  asio::thread_pool& readers;  ///< renders and tokenizes conversations: milliseconds that would stop all streams
  gatekeeper gate;
  std::uint64_t created = 0;  ///< when the model was loaded, seconds since the epoch
  bool draining = false;      ///< no new request is taken
  std::uint32_t connections = 0;
  std::uint32_t answering = 0;  ///< requests between their body and the last byte of their answer
  std::uint64_t last_job = 0;
};

}  // namespace naru::local_backend
