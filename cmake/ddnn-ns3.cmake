# SPDX-License-Identifier: GPL-2.0-only
# Finds an installed ns-3 and offers ddnn_link_ns3(target scope module...).
find_package(ns3 REQUIRED CONFIG)
if(ns3_VERSION VERSION_LESS 3.37)
  message(FATAL_ERROR "ns-3 3.37 or newer is needed, found ${ns3_VERSION}: install a newer one")
endif()

# The C++ standard that ns-3's own headers need.
if(ns3_VERSION VERSION_GREATER_EQUAL 3.46)
  set(CMAKE_CXX_STANDARD 23)
elseif(ns3_VERSION VERSION_GREATER_EQUAL 3.41)
  set(CMAKE_CXX_STANDARD 20)
else()
  set(CMAKE_CXX_STANDARD 17)
endif()
set(CMAKE_CXX_STANDARD_REQUIRED ON)

# Debian's ns3Targets.cmake (3.37-2) names libraries and folders of packages that libns3-dev does
# not depend on: drop what does not exist. An explicit /usr/include would break #include_next.
function(ddnn_drop_missing_paths target property)
  get_target_property(entries ${target} ${property})
  if(NOT entries)
    return()
  endif()
  set(kept)
  foreach(entry IN LISTS entries)
    if(entry MATCHES "^/usr(/include)?$" OR (IS_ABSOLUTE "${entry}" AND NOT EXISTS "${entry}"))
      continue()
    endif()
    list(APPEND kept "${entry}")
  endforeach()
  set_target_properties(${target} PROPERTIES ${property} "${kept}")
endfunction()

get_property(imported_targets DIRECTORY PROPERTY IMPORTED_TARGETS)
foreach(target IN LISTS imported_targets)
  if(target MATCHES "^ns3::")
    ddnn_drop_missing_paths(${target} INTERFACE_LINK_LIBRARIES)
    ddnn_drop_missing_paths(${target} INTERFACE_INCLUDE_DIRECTORIES)
  endif()
endforeach()

# ns-3's targets are called ns3::libcore up to 3.42 and ns3::core since.
function(ddnn_link_ns3 target scope)
  foreach(module IN LISTS ARGN)
    if(TARGET ns3::lib${module})
      target_link_libraries(${target} ${scope} ns3::lib${module})
    else()
      target_link_libraries(${target} ${scope} ns3::${module})
    endif()
  endforeach()
endfunction()
