# The library: the floors from base to rpc in one archive that needs nothing but threads.
find_package(Threads REQUIRED)

find_path(WEIR_RANDOM123 Random123/philox.h DOC "Folder that holds Random123/philox.h")
if(NOT WEIR_RANDOM123)
  message(FATAL_ERROR
    "weir needs the headers of Random123 to be built (its users do not): on Debian install "
    "librandom123-dev, elsewhere set WEIR_RANDOM123 to the folder that holds Random123/philox.h")
endif()

# Our own results may not depend on the compiler's taste for fused multiplication.
add_compile_options(-ffp-contract=off)

# weir_sources(VAR floor…): the sources of some floors. Which floor may include which is not the
# build's to say: tests/layout reads every #include and holds the table.
function(weir_sources var)
  set(found)
  foreach(floor ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/weir/${floor}/*.cpp)
    list(APPEND found ${sources})
  endforeach()
  list(FILTER found EXCLUDE REGEX "/cli/main\\.cpp$")
  set(${var} ${found} PARENT_SCOPE)
endfunction()

set(weir_library_floors base runtime balance sync pool rpc)
weir_sources(weir_library_sources ${weir_library_floors})
add_library(weir STATIC ${weir_library_sources})
add_library(weir::weir ALIAS weir)
target_link_libraries(weir PUBLIC Threads::Threads PRIVATE $<BUILD_INTERFACE:weir_warnings>)
target_include_directories(weir
  PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_include_directories(weir SYSTEM PRIVATE ${WEIR_RANDOM123})
target_compile_features(weir PUBLIC cxx_std_23)
# Private: what is compiled into a user's program is the same either way.
if(NOT WEIR_FIND_ORPHANS)
  target_compile_definitions(weir PRIVATE WEIR_NO_ORPHANS)
endif()
weir_precompile(weir)
weir_part_of_whole(weir)
set_target_properties(weir PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_EXTENSIONS OFF)

# weir_link(TARGET SOURCE): the library, and the laboratory too if the source includes its headers.
function(weir_link target source)
  target_link_libraries(${target} PRIVATE weir weir_warnings)
  file(STRINGS ${source} lab_includes REGEX "#include \"weir/(sim|report|cli)/")
  if(lab_includes AND WEIR_LAB)
    target_link_libraries(${target} PRIVATE weir_lab)
  endif()
endfunction()
