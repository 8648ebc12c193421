// Black-box: Mentat's own client against this server over TLS. The client itself knows none, so a
// tunnel speaks it.
#include "support/server_process.hpp"
#include "tls_files.hpp"
#include "tls_tunnel.hpp"
#include "tolstoy_device.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

using ::testing::ElementsAre;

TEST(TolstoyOverTls, BootstrapsAndMeetsASecondDevice) {
  const TlsFiles files;
  ServerProcessOptions options;
  options.arguments = {"--tls-certificate", files.options.certificate_file, "--tls-key",
                       files.options.key_file};
  ServerProcess server{options};
  const TlsTunnel tunnel{server.port(), {.authority = files.authority.certificate()}};
  const std::string user = new_uuid();

  TolstoyDevice laptop{tunnel.port(), user};
  EXPECT_EQ(laptop.sync(), SyncReport::remote_fast_forward);
  EXPECT_EQ(laptop.requests(), bootstrap_datoms + 3);
  // A connection, and so a handshake, for each request.
  EXPECT_EQ(tunnel.connections(), static_cast<int>(laptop.requests()));
  laptop.transact({"one", "two"});
  EXPECT_EQ(laptop.sync(), SyncReport::remote_fast_forward);

  TolstoyDevice phone{tunnel.port(), user};
  EXPECT_EQ(phone.sync(), SyncReport::local_fast_forward);
  EXPECT_THAT(phone.values(), ElementsAre("one", "two"));
  const ExitStatus clean_exit{.code = 0, .signal = {}};
  EXPECT_EQ(server.terminate(), clean_exit) << server.process().err();
}

}  // namespace
}  // namespace mentat_sync
