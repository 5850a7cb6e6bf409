# find_package(weir) gives the target weir::weir: headers "weir/…", the archive, and threads.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
include(${CMAKE_CURRENT_LIST_DIR}/weirTargets.cmake)
