# SPDX-License-Identifier: GPL-2.0-only
# The engine: a static library without ns-3, ddnn::engine.
find_package(Boost REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(nlohmann_json REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)
# Debian's CMake package of libzip demands programs that libzip-dev does not depend on.
find_path(LIBZIP_INCLUDE_DIR zip.h REQUIRED)
find_library(LIBZIP_LIBRARY zip REQUIRED)

add_library(ddnn-engine STATIC ${engine_sources})
add_library(ddnn::engine ALIAS ddnn-engine)
set_target_properties(
  ddnn-engine
  PROPERTIES CXX_STANDARD 17
             CXX_STANDARD_REQUIRED ON
             POSITION_INDEPENDENT_CODE ON
)
target_include_directories(ddnn-engine PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_include_directories(ddnn-engine SYSTEM PRIVATE ${LIBZIP_INCLUDE_DIR})
target_link_libraries(
  ddnn-engine PRIVATE Boost::headers Eigen3::Eigen nlohmann_json::nlohmann_json ${LIBZIP_LIBRARY}
                      OpenMP::OpenMP_CXX
)

# The same rounding with every compiler and processor: results must not depend on whether a
# multiplication and an addition are fused. GCC is to vectorise at -O2 as it does at -O3, as an ns-3
# tree may be built with either.
target_compile_options(
  ddnn-engine
  PRIVATE -ffp-contract=off
          "$<$<CXX_COMPILER_ID:GNU>:-ftree-vectorize;-fvect-cost-model=dynamic>"
)
