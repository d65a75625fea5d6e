# SPDX-License-Identifier: GPL-2.0-only
# The build against an installed ns-3.
option(DDNN_TESTS "Build the tests and benchmarks" OFF)
option(DDNN_WERROR "Treat warnings as errors" OFF)
option(DDNN_SANITIZE "Build with the address and undefined-behaviour sanitizers" OFF)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Kind of build" FORCE)
endif()
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
include(cmake/ddnn-ns3.cmake)

add_compile_options(-Wall -Wextra)
if(DDNN_WERROR)
  add_compile_options(-Werror)
endif()
if(DDNN_SANITIZE)
  # -O1: half the time to compile, and frames that can be read
  add_compile_options(-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()

include(cmake/ddnn-engine.cmake)

# As in an ns-3 tree, "ns3/ddnn-helper.h" leads to our header.
function(ddnn_offer_headers target folder)
  foreach(header IN LISTS ARGN)
    get_filename_component(name ${header} NAME)
    file(CONFIGURE OUTPUT ${folder}/ns3/${name}
         CONTENT "#include \"${CMAKE_CURRENT_SOURCE_DIR}/${header}\"\n"
    )
  endforeach()
  target_include_directories(${target} PUBLIC ${folder})
endfunction()

# Two libraries: what does not link the second is built without the built-in networks.
add_library(ns3-ddnn SHARED ${module_sources})
# Debian's ns-3 logs, so that our code should; its assertions are compiled out, ours are cheap.
target_compile_definitions(ns3-ddnn PUBLIC NS3_LOG_ENABLE NS3_ASSERT_ENABLE)
ddnn_offer_headers(ns3-ddnn ${CMAKE_BINARY_DIR}/include ${module_headers})
target_link_libraries(ns3-ddnn PUBLIC ddnn::engine)
target_link_options(ns3-ddnn PRIVATE -Wl,--no-undefined)
ddnn_link_ns3(
  ns3-ddnn
  PUBLIC core
         csma
         energy
         internet
         lr-wpan
         lte
         mesh
         network
         point-to-point
         sixlowpan
         spectrum
         traffic-control
         wifi
)

if(topology_sources)
  add_library(ns3-ddnn-topology SHARED ${topology_sources})
  target_link_libraries(ns3-ddnn-topology PUBLIC ns3-ddnn)
  ddnn_offer_headers(ns3-ddnn-topology ${CMAKE_BINARY_DIR}/include-topology ${topology_headers})
  ddnn_link_ns3(ns3-ddnn-topology PUBLIC applications mobility)
endif()

add_subdirectory(examples)
if(DDNN_TESTS)
  enable_testing()
  include(cmake/ddnn-tests.cmake)
endif()
