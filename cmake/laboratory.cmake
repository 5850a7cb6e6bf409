# The laboratory: sim, report and cli as one library, and the program on top of it.
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)
find_package(Boost REQUIRED)

# weir_embed_scenarios(SOURCE): a source that holds scenarios/*.toml, byte by byte; written anew when
# one of them changes.
function(weir_embed_scenarios source)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/scenarios/*.toml)
  set(rows)
  foreach(file ${files})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    cmake_path(GET file STEM name)
    file(READ ${file} toml)
    string(APPEND rows "    {\"${name}\", R\"weir_toml(${toml})weir_toml\"},\n")
  endforeach()
  file(WRITE ${source}.new "// Made from scenarios/*.toml by the build.\n\n"
    "#include \"weir/cli/shipped_scenario.h\"\n\n"
    "namespace weir::cli {\n\nnamespace {\nconstexpr ShippedScenario table[] = {\n${rows}};\n}\n\n"
    "std::span<const ShippedScenario> shipped_scenarios() {\n  return table;\n}\n\n"
    "}  // namespace weir::cli\n")
  configure_file(${source}.new ${source} COPYONLY)
endfunction()

weir_sources(weir_lab_sources sim report cli)
weir_embed_scenarios(${PROJECT_BINARY_DIR}/shipped_scenarios.cpp)
add_library(weir_lab STATIC ${weir_lab_sources} ${PROJECT_BINARY_DIR}/shipped_scenarios.cpp)
target_link_libraries(weir_lab PUBLIC weir PRIVATE
  weir_warnings CLI11::CLI11 tomlplusplus::tomlplusplus nlohmann_json::nlohmann_json fmt::fmt Boost::headers)
set_source_files_properties(src/weir/cli/words.cpp src/weir/cli/bench_machine.cpp PROPERTIES
  COMPILE_DEFINITIONS "WEIR_VERSION=\"${PROJECT_VERSION}\";WEIR_BUILD_TYPE=\"${CMAKE_BUILD_TYPE}\"")
weir_precompile(weir_lab <fmt/format.h>)
weir_part_of_whole(weir_lab)
add_library(weir::lab ALIAS weir_lab)

add_executable(weir_program src/weir/cli/main.cpp)
target_link_libraries(weir_program PRIVATE weir_lab weir_warnings)
weir_optimise_whole(weir_program)
set_target_properties(weir_program PROPERTIES OUTPUT_NAME weir RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
