# The test of the package: installs the build to a prefix in the build directory, then configures,
# builds and runs the project in this folder against that prefix. Included by tests/CMakeLists.txt,
# because the CMakeLists.txt here belongs to the embedder.
set(embedder_dir ${CMAKE_CURRENT_BINARY_DIR}/embedder)
set(embedder_prefix ${embedder_dir}/prefix)

# UBSan's check for references to null finds one inside CAF 0.17.6: init_fun_factory.hpp takes the
# arguments of an actor that was spawned without any out of a pointer that is null then.
set(embedder_flags "${CMAKE_CXX_FLAGS}")
if(embedder_flags MATCHES "-fsanitize=[a-z,]*undefined")
  string(APPEND embedder_flags " -fno-sanitize=null")
endif()

# Compiler, flags and the CAF of this build, as an initial cache: lists survive no command line.
file(CONFIGURE OUTPUT ${embedder_dir}/cache.cmake @ONLY CONTENT [[
set(CMAKE_PREFIX_PATH "@embedder_prefix@;@CMAKE_PREFIX_PATH@" CACHE STRING "")
set(CAF_ROOT "@CAF_ROOT@" CACHE PATH "")
set(CMAKE_BUILD_TYPE "@CMAKE_BUILD_TYPE@" CACHE STRING "")
set(CMAKE_CXX_COMPILER "@CMAKE_CXX_COMPILER@" CACHE FILEPATH "")
set(CMAKE_CXX_COMPILER_LAUNCHER "@CMAKE_CXX_COMPILER_LAUNCHER@" CACHE STRING "")
set(CMAKE_CXX_FLAGS "@embedder_flags@" CACHE STRING "")
set(CMAKE_EXE_LINKER_FLAGS "@CMAKE_EXE_LINKER_FLAGS@" CACHE STRING "")
]])

add_test(NAME Embedder.Install
  COMMAND ${CMAKE_COMMAND} --install ${PROJECT_BINARY_DIR} --prefix ${embedder_prefix})
set_tests_properties(Embedder.Install PROPERTIES
  TIMEOUT 120 LABELS package FIXTURES_SETUP mentat_sync_package)

add_test(NAME Embedder.SyncsByMessagesWithTheInstalledPackage
  COMMAND ${CMAKE_CTEST_COMMAND}
    --build-and-test ${CMAKE_CURRENT_LIST_DIR} ${embedder_dir}/build
    --build-generator ${CMAKE_GENERATOR}
    --build-options -C ${embedder_dir}/cache.cmake
    --test-command embedder ${embedder_dir}/data)
set_tests_properties(Embedder.SyncsByMessagesWithTheInstalledPackage PROPERTIES
  TIMEOUT 300 LABELS package FIXTURES_REQUIRED mentat_sync_package)

# The client library alone, against the program of this build.
if(TARGET mentat-sync)
  add_test(NAME Embedder.PushesAndPullsWithTheInstalledClient
    COMMAND ${CMAKE_CTEST_COMMAND}
      --build-and-test ${CMAKE_CURRENT_LIST_DIR}/client ${embedder_dir}/client-build
      --build-generator ${CMAKE_GENERATOR}
      --build-options -C ${embedder_dir}/cache.cmake
      --test-command ${embedder_dir}/client-build/run $<TARGET_FILE:mentat-sync>)
  set_tests_properties(Embedder.PushesAndPullsWithTheInstalledClient PROPERTIES
    TIMEOUT 300 LABELS package FIXTURES_REQUIRED mentat_sync_package)
endif()
