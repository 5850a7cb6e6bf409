# The headers that nearly every source reads, read once for each family of targets.
#
# For trees that are built from nothing, where it takes two fifths off the compiler's time. A source
# that leans on them without including them itself does not compile in the trees that have them off,
# the release build first of all. With g++ 12 they gain next to nothing, and it warns of its own library.
# Not among them is <filesystem>: with it comes std::quoted, which a std::string prefers to ours.
option(WEIR_PRECOMPILE "Read the common headers once instead of in every source" OFF)

set(weir_common_headers
  algorithm array atomic charconv chrono cmath coroutine cstdint cstdio expected fstream functional
  limits map memory mutex numeric optional set span stdexcept string string_view thread utility variant
  vector weir/weir.h)

# weir_precompile(TARGET HEADER…): the common headers and these.
function(weir_precompile target)
  if(NOT WEIR_PRECOMPILE)
    return()
  endif()
  list(TRANSFORM weir_common_headers REPLACE "(.+)" "#include <\\1>\n" OUTPUT_VARIABLE includes)
  list(TRANSFORM ARGN REPLACE "(.+)" "#include <\\1>\n" OUTPUT_VARIABLE more)
  # A file of ours, since a change of the one that CMake writes goes unnoticed in a tree that is built.
  list(JOIN includes "" includes)
  list(JOIN more "" more)
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${target}_precompiled.h
    CONTENT "#pragma once\n\n${includes}${more}")
  target_precompile_headers(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${target}_precompiled.h)
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # Without the time of its making in it, so that ccache knows it again.
    target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endfunction()

# weir_precompile_as(TARGET OTHER): what OTHER has read, under the same options.
function(weir_precompile_as target other)
  if(WEIR_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${other})
  endif()
endfunction()
