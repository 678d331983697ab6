#include "log.h"

#include <map>
#include <mutex>
#include <utility>

namespace llama_kv {

namespace {

struct Sinks {
  std::mutex mutex;
  uint64_t next_id = 1;
  std::map<uint64_t, LogSink> by_id;
};

// Never destroyed: engine threads may log while the process ends.
Sinks& AllSinks() {
  static Sinks* sinks = new Sinks();
  return *sinks;
}

thread_local LogCapture* innermost_capture = nullptr;
thread_local LogLine unfinished_line{GGML_LOG_LEVEL_NONE, ""};

}  // namespace

void EmitLogLine(LogLine line) {
  if (innermost_capture != nullptr) {
    innermost_capture->lines_.push_back(std::move(line));
    return;
  }
  Sinks& sinks = AllSinks();
  std::lock_guard<std::mutex> lock(sinks.mutex);
  for (const auto& [id, sink] : sinks.by_id) sink(line);
}

void EngineLogCallback(ggml_log_level level, const char* text, void*) {
  if (text == nullptr) return;
  // The engine writes long lines in pieces; every piece after the first has the level "continue".
  if (level != GGML_LOG_LEVEL_CONT) unfinished_line.level = level;
  for (const char* at = text; *at != '\0'; ++at) {
    if (*at != '\n') {
      unfinished_line.text += *at;
      continue;
    }
    LogLine line{unfinished_line.level, std::move(unfinished_line.text)};
    unfinished_line.text.clear();
    if (!line.text.empty()) EmitLogLine(std::move(line));
  }
}

uint64_t AddLogSink(LogSink sink) {
  Sinks& sinks = AllSinks();
  std::lock_guard<std::mutex> lock(sinks.mutex);
  const uint64_t id = sinks.next_id++;
  sinks.by_id.emplace(id, std::move(sink));
  return id;
}

void RemoveLogSink(uint64_t id) {
  Sinks& sinks = AllSinks();
  std::lock_guard<std::mutex> lock(sinks.mutex);
  sinks.by_id.erase(id);
}

LogCapture::LogCapture() : outer_(innermost_capture) { innermost_capture = this; }

LogCapture::~LogCapture() {
  innermost_capture = outer_;
  for (LogLine& line : lines_) EmitLogLine(std::move(line));
}

std::string LogCapture::LastProblems(size_t count) const {
  std::vector<const LogLine*> problems;
  for (const LogLine& line : lines_) {
    if (line.level == GGML_LOG_LEVEL_ERROR || line.level == GGML_LOG_LEVEL_WARN) problems.push_back(&line);
  }
  std::string text;
  for (size_t i = problems.size() > count ? problems.size() - count : 0; i < problems.size(); ++i) {
    if (!text.empty()) text += '\n';
    text += problems[i]->text;
  }
  return text;
}

bool LogCapture::Contains(const std::string& text) const {
  for (const LogLine& line : lines_) {
    if (line.text.find(text) != std::string::npos) return true;
  }
  return false;
}

}  // namespace llama_kv
