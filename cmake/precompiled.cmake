# The headers of others that nearly every source reads, read once for each family of targets.
#
# They take two fifths off the compiler's time. None of weir's own is among them, so a change in the house
# compiles what includes it and no more. A source that leans on a header here without including it does
# not compile where they are off: with g++ 12, which gains next to nothing by them and then warns of its
# own library, and in weir as a subproject. Both belong to what must hold before anything lands.
# Not among them is <filesystem>: with it comes std::quoted, which a std::string prefers to ours.
option(WEIR_PRECOMPILE "Read the common headers once instead of in every source" OFF)

set(weir_common_headers
  <algorithm> <array> <atomic> <charconv> <chrono> <cmath> <coroutine> <cstdint> <cstdio> <expected>
  <fstream> <functional> <limits> <map> <memory> <mutex> <numeric> <optional> <set> <span> <stdexcept>
  <string> <string_view> <thread> <utility> <variant> <vector>)

# ccache takes what is precompiled into account only if it is told that no source asks for the time.
function(weir_cache_precompiled target)
  if(CMAKE_CXX_COMPILER_LAUNCHER MATCHES "(^|/)ccache$")
    set_property(TARGET ${target} PROPERTY CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CMAKE_CXX_COMPILER_LAUNCHER})
  endif()
endfunction()

# weir_precompile(TARGET HEADER…): the common headers and these.
function(weir_precompile target)
  if(WEIR_PRECOMPILE)
    set(headers ${weir_common_headers} ${ARGN})
    list(TRANSFORM headers REPLACE "(.+)" "#include \\1\n")
    list(JOIN headers "" headers)
    # A file of ours, since ninja does not see a change of the one that CMake would write.
    set(file ${CMAKE_CURRENT_BINARY_DIR}/${target}_precompiled.h)
    file(CONFIGURE OUTPUT ${file} CONTENT "#pragma once\n\n${headers}")
    target_precompile_headers(${target} PRIVATE ${file})
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
      # Without the time of its making in it, so that ccache knows it again.
      target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
    endif()
    weir_cache_precompiled(${target})
  endif()
endfunction()

# weir_precompile_as(TARGET OTHER): what OTHER has read, under the same options.
function(weir_precompile_as target other)
  if(WEIR_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${other})
    weir_cache_precompiled(${target})
  endif()
endfunction()
