# What makes find_package(MentatSync) work for others: one export for each library, so that a component
# asks for nothing that the others need; the package's configuration; and the find modules of
# dependencies that ship no configuration of their own.
set(MENTAT_SYNC_COMPONENTS storage actors)
if(MENTAT_SYNC_BUILD_HTTP)
  list(APPEND MENTAT_SYNC_COMPONENTS wire tls client http metrics)
endif()
set(MENTAT_SYNC_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/MentatSync)

foreach(component IN LISTS MENTAT_SYNC_COMPONENTS)
  install(EXPORT MentatSync-${component} NAMESPACE MentatSync::
    DESTINATION ${MENTAT_SYNC_PACKAGE_DIR})
endforeach()

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/MentatSyncConfig.cmake.in
  ${PROJECT_BINARY_DIR}/MentatSyncConfig.cmake INSTALL_DESTINATION ${MENTAT_SYNC_PACKAGE_DIR})
# Before 1.0 a minor version may change interfaces.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/MentatSyncConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/MentatSyncConfig.cmake
  ${PROJECT_BINARY_DIR}/MentatSyncConfigVersion.cmake
  DESTINATION ${MENTAT_SYNC_PACKAGE_DIR})
install(FILES
  ${PROJECT_SOURCE_DIR}/storage/cmake/FindCbor.cmake
  ${PROJECT_SOURCE_DIR}/storage/cmake/FindLMDB.cmake
  ${PROJECT_SOURCE_DIR}/actors/cmake/FindCAFCompat.cmake
  ${PROJECT_SOURCE_DIR}/http/cmake/FindPrometheusCore.cmake
  ${PROJECT_SOURCE_DIR}/http/cmake/FindZstd.cmake
  DESTINATION ${MENTAT_SYNC_PACKAGE_DIR}/modules)
