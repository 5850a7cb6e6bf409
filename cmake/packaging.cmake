# How weir reaches others: cmake --install, find_package(weir), pkg-config.
#
# What is installed may be moved afterwards: no file of it holds the prefix.
if(NOT WEIR_INSTALL)
  return()
endif()
include(CMakePackageConfigHelpers)

install(TARGETS weir EXPORT weir ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
foreach(floor ${weir_library_floors})
  install(DIRECTORY src/weir/${floor} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/weir
    FILES_MATCHING PATTERN "*.h")
endforeach()
file(GLOB weir_umbrella_headers CONFIGURE_DEPENDS src/weir/*.h)
install(FILES ${weir_umbrella_headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/weir)

# Until 1.0 a new minor version may break what an older one promised.
set(weir_config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/weir)
write_basic_package_version_file(weirConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(EXPORT weir NAMESPACE weir:: FILE weirTargets.cmake DESTINATION ${weir_config_dir})
install(FILES ${PROJECT_SOURCE_DIR}/cmake/weirConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/weirConfigVersion.cmake DESTINATION ${weir_config_dir})

# ../.. from lib/pkgconfig, one step more where the libraries live in lib/<architecture>.
file(RELATIVE_PATH weir_pc_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/weir.pc.in weir.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/weir.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES LICENSE CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

if(WEIR_LAB)
  install(TARGETS weir_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(DIRECTORY scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/weir OPTIONAL)
endif()
