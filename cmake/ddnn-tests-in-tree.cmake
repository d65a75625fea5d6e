# SPDX-License-Identifier: GPL-2.0-only
# In an ns-3 tree the GoogleTest tests run as ns-3's TestSuite "ddnn"; without GoogleTest there is
# no suite.
find_package(GTest QUIET)
if(GTest_FOUND)
  set(in_tree_test_sources test/ddnn-test-suite.cc ${gtest_sources})
  set(in_tree_test_libraries GTest::gtest Eigen3::Eigen nlohmann_json::nlohmann_json)
  if(ENABLE_EXAMPLES)
    list(APPEND in_tree_test_sources ${example_gtest_sources})
    list(APPEND in_tree_test_libraries ddnn::examples)
  endif()
else()
  message(STATUS "ddnn: no test suite, because GoogleTest (libgtest-dev) is not installed")
  set(in_tree_test_sources)
  set(in_tree_test_libraries)
endif()
