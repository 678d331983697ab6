#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ggml.h"

namespace llama_kv {

/// One whole line that the engine logged.
struct LogLine {
  ggml_log_level level;
  std::string text;
};

using LogSink = std::function<void(const LogLine&)>;

/// The engine's log callback is one per process; lines go from here to every sink, and nowhere else.
void EngineLogCallback(ggml_log_level level, const char* text, void* user_data);

/// Adds a sink, called on whichever thread logs. Returns a number for `RemoveLogSink`.
uint64_t AddLogSink(LogSink sink);
void RemoveLogSink(uint64_t id);

/// Collects what this thread logs while it lives, and passes it on when it ends, unless dropped. Captures nest.
class LogCapture {
 public:
  LogCapture();
  ~LogCapture();
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

  /// Keeps the collected lines from the sinks.
  void Drop() { lines_.clear(); }
  const std::vector<LogLine>& lines() const { return lines_; }
  /// The last `count` warnings and errors, one per line.
  std::string LastProblems(size_t count = 6) const;
  bool Contains(const std::string& text) const;

 private:
  friend void EmitLogLine(LogLine line);

  LogCapture* outer_;
  std::vector<LogLine> lines_;
};

}  // namespace llama_kv
