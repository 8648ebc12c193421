# Writes version.cpp into the build directory. What is built from an archive has no commit; whoever
# packs one may say it: -DMENTAT_SYNC_COMMIT=0123456789ab.
set(MENTAT_SYNC_COMMIT "" CACHE STRING "The commit that is built; empty: git is asked")
set(MENTAT_SYNC_COMMIT_FOUND "${MENTAT_SYNC_COMMIT}")
find_package(Git QUIET)
# Only of this project's own repository, not of one that a copy of the project lies in.
if(NOT MENTAT_SYNC_COMMIT AND GIT_FOUND AND EXISTS ${PROJECT_SOURCE_DIR}/.git)
  execute_process(COMMAND ${GIT_EXECUTABLE} -C ${PROJECT_SOURCE_DIR} describe --always --abbrev=12
      --exclude=* --dirty=+
    OUTPUT_VARIABLE MENTAT_SYNC_COMMIT_FOUND OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
set(MENTAT_SYNC_BUILD_TYPE "${CMAKE_BUILD_TYPE}")
configure_file(${PROJECT_SOURCE_DIR}/storage/version.cpp.in
  ${PROJECT_BINARY_DIR}/storage/version.cpp @ONLY)
