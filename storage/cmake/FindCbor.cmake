# Finds libcbor by its header and library (it ships a .pc file only) and defines Cbor::cbor.
find_path(Cbor_INCLUDE_DIR cbor/configuration.h)
find_library(Cbor_LIBRARY cbor)
if(Cbor_INCLUDE_DIR)
  foreach(part MAJOR MINOR PATCH)
    file(STRINGS "${Cbor_INCLUDE_DIR}/cbor/configuration.h" line
      REGEX "#define[ \t]+CBOR_${part}_VERSION[ \t]+[0-9]+")
    string(REGEX MATCH "[0-9]+$" Cbor_VERSION_${part} "${line}")
  endforeach()
  set(Cbor_VERSION "${Cbor_VERSION_MAJOR}.${Cbor_VERSION_MINOR}.${Cbor_VERSION_PATCH}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Cbor REQUIRED_VARS Cbor_LIBRARY Cbor_INCLUDE_DIR
  VERSION_VAR Cbor_VERSION)
mark_as_advanced(Cbor_INCLUDE_DIR Cbor_LIBRARY)
if(Cbor_FOUND AND NOT TARGET Cbor::cbor)
  add_library(Cbor::cbor UNKNOWN IMPORTED)
  set_target_properties(Cbor::cbor PROPERTIES IMPORTED_LOCATION "${Cbor_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${Cbor_INCLUDE_DIR}")
endif()
