# The program is optimised as a whole, which takes a seventh off the time of a run: objects also
# carry what the compiler knows of them, and lld puts the program together from that. They are
# objects like any others to whoever links the archives.
#
# What is put together inlines twice as readily as a single source does (500 instead of 225): that
# takes another 6 % off, and makes the program a fifth larger; 1000 and 2000 gain no more.
option(WEIR_WHOLE_PROGRAM "Optimise the weir program as a whole, if compiler and linker can" ON)

set(weir_whole_program_flags)
set(weir_whole_program_link_flags -fuse-ld=lld -Wl,-mllvm,-inline-threshold=500)
if(WEIR_WHOLE_PROGRAM AND CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT WEIR_SANITIZE)
  include(CheckCXXSourceCompiles)
  list(JOIN weir_whole_program_link_flags " " CMAKE_REQUIRED_FLAGS)
  string(PREPEND CMAKE_REQUIRED_FLAGS "-flto=thin -ffat-lto-objects ")
  check_cxx_source_compiles("int main() {}" WEIR_CAN_OPTIMISE_WHOLE)
  unset(CMAKE_REQUIRED_FLAGS)
  if(WEIR_CAN_OPTIMISE_WHOLE)
    set(weir_whole_program_flags -flto=thin -ffat-lto-objects)
  endif()
endif()

# weir_part_of_whole(TARGET): a library that is to be optimised together with a program.
function(weir_part_of_whole target)
  target_compile_options(${target} PRIVATE ${weir_whole_program_flags})
endfunction()

# weir_optimise_whole(TARGET): a program, with all parts that it links.
function(weir_optimise_whole target)
  if(weir_whole_program_flags)
    target_compile_options(${target} PRIVATE ${weir_whole_program_flags})
    target_link_options(${target} PRIVATE ${weir_whole_program_flags} ${weir_whole_program_link_flags}
      -Wl,--thinlto-cache-dir=${PROJECT_BINARY_DIR}/whole_program)
  endif()
endfunction()
