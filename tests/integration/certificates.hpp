#pragma once
#include <filesystem>
#include <stdexcept>
#include <string>

#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

namespace naru::test {

struct certificate {
  std::string file, key;  ///< PEM
};

/// A certificate for localhost and 127.0.0.1 that signs itself, made by openssl's command line; its file is also the CA file to trust
/// it by. An existing one of this name is replaced.
inline certificate make_certificate(const temp_dir& folder, const std::string& name) {
  const certificate made{(folder.path() / (name + ".crt")).string(), (folder.path() / (name + ".key")).string()};
  spawn_options run;
  run.arguments = {"req",
                   "-x509",
                   "-newkey",
                   "ec",
                   "-pkeyopt",
                   "ec_paramgen_curve:P-256",
                   "-nodes",
                   "-days",
                   "2",
                   "-subj",
                   "/CN=localhost",
                   "-addext",
                   "subjectAltName=DNS:localhost,IP:127.0.0.1",
                   "-keyout",
                   made.key + ".new",
                   "-out",
                   made.file + ".new"};
  child_process openssl("/usr/bin/openssl", run);
  const auto end = openssl.wait();
  if (!end || end->code != 0) throw std::runtime_error("openssl: " + openssl.output());
  // The key first: whoever sees the new certificate finds its key.
  std::filesystem::rename(made.key + ".new", made.key);
  std::filesystem::rename(made.file + ".new", made.file);
  return made;
}

}  // namespace naru::test
