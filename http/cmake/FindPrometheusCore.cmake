# Finds the core of prometheus-cpp by its header and library, and defines PrometheusCore::core. Its own
# configuration asks for civetweb and curl too, which are for the parts that we do not use.
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(PC_PrometheusCore QUIET prometheus-cpp-core)
endif()
find_path(PrometheusCore_INCLUDE_DIR prometheus/text_serializer.h
  HINTS ${PC_PrometheusCore_INCLUDE_DIRS})
find_library(PrometheusCore_LIBRARY prometheus-cpp-core HINTS ${PC_PrometheusCore_LIBRARY_DIRS})
set(PrometheusCore_VERSION "${PC_PrometheusCore_VERSION}")
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(PrometheusCore
  REQUIRED_VARS PrometheusCore_LIBRARY PrometheusCore_INCLUDE_DIR
  VERSION_VAR PrometheusCore_VERSION)
mark_as_advanced(PrometheusCore_INCLUDE_DIR PrometheusCore_LIBRARY)
if(PrometheusCore_FOUND AND NOT TARGET PrometheusCore::core)
  add_library(PrometheusCore::core UNKNOWN IMPORTED)
  set_target_properties(PrometheusCore::core PROPERTIES
    IMPORTED_LOCATION "${PrometheusCore_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${PrometheusCore_INCLUDE_DIR}")
endif()
