// What the blocks of C++ in the documentation take for granted: names, declared and never called.

#pragma once

#include <cassert>
#include <csignal>
#include <cstdint>
#include <deque>
#include <memory>
#include <source_location>
#include <string>
#include <vector>

#include "weir/pool.h"
#include "weir/weir.h"

using namespace weir;

struct Connection {};

template <class T>
void use(const T& value);
void handle(int request);

Task<> serve(Connection connection);
Task<> serve_all(Context context);
Task<int> compute();
Task<> fetch(Context context, std::string url);
Task<> open();
Task<> clean_up();
Task<> report();
Task<> test_body();
std::string read_whole_file(const char* path);

inline Connection connection;
inline Context context;
inline Channel<int> c;
inline Channel<int> d;
inline std::vector<Channel<int>> channels;
inline Channel<int> requests;
inline Channel<int> results;
inline Receiver<int> in;
inline Sender<int> out;
inline int v;
inline int socket_descriptor;
inline std::vector<std::string> urls;
inline Mutex mutex;
inline Once once;
