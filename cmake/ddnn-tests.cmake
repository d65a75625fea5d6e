# SPDX-License-Identifier: GPL-2.0-only
# Tests and benchmarks of the stand-alone build.
find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)
include(ExternalProject)
include(GoogleTest)

set(benchmark_sources
    test/benchmark/inference-benchmark.cc
)

set(fuzzers fault-fuzz header-fuzz hierarchy-fuzz npz-fuzz)

add_executable(ddnn-tests ${gtest_sources} ${example_gtest_sources})
target_link_libraries(
  ddnn-tests PRIVATE ddnn::examples ns3-ddnn-topology GTest::gtest_main Eigen3::Eigen
                     nlohmann_json::nlohmann_json
)
ddnn_link_ns3(ddnn-tests PRIVATE aodv flow-monitor internet-apps mesh nix-vector-routing olsr virtual-net-device)
gtest_discover_tests(ddnn-tests DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 600)

add_executable(ddnn-bench ${benchmark_sources})
target_link_libraries(ddnn-bench PRIVATE ns3-ddnn-topology benchmark::benchmark_main)

# libFuzzer needs clang, and CMake knows one compiler per project.
ExternalProject_Add(
  ddnn-fuzz
  SOURCE_DIR ${CMAKE_SOURCE_DIR}/test/fuzz
  BINARY_DIR ${CMAKE_BINARY_DIR}/fuzz
  CMAKE_ARGS -DCMAKE_CXX_COMPILER=clang++-14
  BUILD_ALWAYS ON
  INSTALL_COMMAND ""
)
foreach(fuzzer IN LISTS fuzzers)
  set(found ${CMAKE_BINARY_DIR}/fuzz/corpus/${fuzzer})
  file(MAKE_DIRECTORY ${found})
  add_test(
    NAME Fuzz.${fuzzer}
    COMMAND ${CMAKE_BINARY_DIR}/fuzz/${fuzzer} -max_total_time=20 -timeout=10 -verbosity=0
            -artifact_prefix=${found}- ${found} ${CMAKE_SOURCE_DIR}/test/fuzz/corpus/${fuzzer}
  )
endforeach()

# Includes by other paths than ns3/, where the compiler would not find them.
add_test(
  NAME NothingIncludesTheTopology
  COMMAND sh -c "! grep -rn '#include.*topology' contrib-ddnn model helper --exclude-dir=topology"
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
)
add_test(NAME Format COMMAND ${CMAKE_SOURCE_DIR}/test/check-format)
add_test(NAME Examples COMMAND ${CMAKE_SOURCE_DIR}/test/run-examples ${CMAKE_BINARY_DIR})
add_test(NAME Programs COMMAND ${CMAKE_SOURCE_DIR}/test/examples/programs-test ${CMAKE_BINARY_DIR})
add_test(NAME Intervals COMMAND ${CMAKE_SOURCE_DIR}/test/results/intervals-test)
add_test(NAME CommandLine COMMAND ${CMAKE_SOURCE_DIR}/test/cli-test)
set_tests_properties(
  CommandLine PROPERTIES ENVIRONMENT DDNN_BUILD_DIR=${CMAKE_BINARY_DIR}
)
