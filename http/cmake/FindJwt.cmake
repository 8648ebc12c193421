# Finds libjwt by its header and library, its version by its .pc file, and defines Jwt::jwt. The
# interface of version 3 is another one.
find_path(Jwt_INCLUDE_DIR jwt.h)
find_library(Jwt_LIBRARY jwt)
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(Jwt_PC QUIET libjwt)
  set(Jwt_VERSION "${Jwt_PC_VERSION}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Jwt REQUIRED_VARS Jwt_LIBRARY Jwt_INCLUDE_DIR
  VERSION_VAR Jwt_VERSION HANDLE_VERSION_RANGE)
mark_as_advanced(Jwt_INCLUDE_DIR Jwt_LIBRARY)
if(Jwt_FOUND AND NOT TARGET Jwt::jwt)
  add_library(Jwt::jwt UNKNOWN IMPORTED)
  set_target_properties(Jwt::jwt PROPERTIES IMPORTED_LOCATION "${Jwt_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${Jwt_INCLUDE_DIR}")
endif()
