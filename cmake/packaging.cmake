# cmake --install and find_package(weir).
