# The laboratory: sim, report and cli as one library, and the program on top of it.
find_package(tomlplusplus REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)
find_package(Boost REQUIRED)

weir_sources(weir_lab_sources sim report cli)
add_library(weir_lab STATIC ${weir_lab_sources})
target_link_libraries(weir_lab PUBLIC weir PRIVATE
  weir_warnings tomlplusplus::tomlplusplus nlohmann_json::nlohmann_json fmt::fmt Boost::headers)
add_library(weir::lab ALIAS weir_lab)

add_executable(weir_program src/weir/cli/main.cpp)
target_link_libraries(weir_program PRIVATE weir_lab weir_warnings)
set_target_properties(weir_program PROPERTIES OUTPUT_NAME weir RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
