# Finds CAF and defines CAF::core and CAF::io: a CAF 1.x by its own CMake config, else 0.17.6, which
# ships none, by its headers and libraries. CMAKE_PREFIX_PATH or CAF_ROOT chooses between several.
#
# Versions between the two are refused: actors/caf_compat.hpp spells these two only.
find_package(CAF 1.0 QUIET COMPONENTS core io)
if(CAF_FOUND AND TARGET CAF::core)
  set(CAFCompat_VERSION "${CAF_VERSION}")
  set(CAFCompat_LIBRARY CAF::core)
else()
  find_path(CAFCompat_INCLUDE_DIR caf/all.hpp HINTS ${CAF_ROOT} PATH_SUFFIXES include)
  find_library(CAFCompat_CORE_LIBRARY caf_core HINTS ${CAF_ROOT} PATH_SUFFIXES lib)
  find_library(CAFCompat_IO_LIBRARY caf_io HINTS ${CAF_ROOT} PATH_SUFFIXES lib)
  mark_as_advanced(CAFCompat_INCLUDE_DIR CAFCompat_CORE_LIBRARY CAFCompat_IO_LIBRARY)
  set(CAFCompat_LIBRARY "${CAFCompat_CORE_LIBRARY}")
  if(CAFCompat_INCLUDE_DIR)
    # "#define CAF_VERSION 1706" is 0.17.6.
    file(STRINGS "${CAFCompat_INCLUDE_DIR}/caf/config.hpp" CAFCompat_LINE
      REGEX "#define[ \t]+CAF_VERSION[ \t]+[0-9]+")
    string(REGEX MATCH "[0-9]+$" CAFCompat_NUMBER "${CAFCompat_LINE}")
    if(CAFCompat_NUMBER MATCHES "^17([0-9][0-9])$")
      string(REGEX REPLACE "^0" "" CAFCompat_PATCH "${CMAKE_MATCH_1}")
      set(CAFCompat_VERSION "0.17.${CAFCompat_PATCH}")
    endif()
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CAFCompat
  REQUIRED_VARS CAFCompat_LIBRARY CAFCompat_VERSION
  VERSION_VAR CAFCompat_VERSION
  REASON_FAILURE_MESSAGE "CAF 0.17.x (Debian: libcaf-dev) or 1.x is needed: name its prefix with -DCAF_ROOT=… or -DCMAKE_PREFIX_PATH=…")

if(CAFCompat_FOUND AND NOT TARGET CAF::core)
  find_package(Threads REQUIRED)
  add_library(CAF::core UNKNOWN IMPORTED)
  set_target_properties(CAF::core PROPERTIES
    IMPORTED_LOCATION "${CAFCompat_CORE_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${CAFCompat_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES Threads::Threads)
  if(CAFCompat_IO_LIBRARY)
    add_library(CAF::io UNKNOWN IMPORTED)
    set_target_properties(CAF::io PROPERTIES
      IMPORTED_LOCATION "${CAFCompat_IO_LIBRARY}"
      INTERFACE_LINK_LIBRARIES CAF::core)
  endif()
endif()
