# Warnings of our own sources: errors when weir is the project being built, never for its users.
add_library(weir_warnings INTERFACE)
target_compile_options(weir_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports uninitialised members of coroutine frames that it laid out itself, and overlaps
  # inside std::string's own operator+ (GCC bug 105651). It counts friends as able to reach a protected
  # destructor, so clang alone watches over those.
  target_compile_options(weir_warnings INTERFACE
    -Wno-maybe-uninitialized -Wno-restrict -Wno-non-virtual-dtor)
endif()
if(WEIR_WERROR)
  target_compile_options(weir_warnings INTERFACE -Werror)
endif()
