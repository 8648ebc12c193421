# What is installed beside the program, and the Debian packages: mentat-sync, and mentat-sync-dev with
# the libraries. Everything is written for the prefix that it is installed to, which may be chosen as
# late as `cmake --install --prefix`.
set(packaging_dir ${CMAKE_CURRENT_LIST_DIR})

file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/packaging/where.cmake @ONLY CONTENT [[
set(packaging_dir "@packaging_dir@")
set(written_dir "@PROJECT_BINARY_DIR@/packaging")
set(CMAKE_INSTALL_BINDIR "@CMAKE_INSTALL_BINDIR@")
set(with_systemd "@MENTAT_SYNC_WITH_SYSTEMD@")
]])
install(CODE "include(${PROJECT_BINARY_DIR}/packaging/where.cmake)
include(${packaging_dir}/install_service.cmake)" COMPONENT program)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md
  DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/mentat-sync COMPONENT program)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs
  DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/mentat-sync COMPONENT program)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE RENAME copyright
  DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/mentat-sync COMPONENT program)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE RENAME copyright
  DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/mentat-sync-dev COMPONENT development)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME mentat-sync)
set(CPACK_PACKAGE_CONTACT "mentat-sync developers <mentat-sync@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "sync server for stores that keep a strictly ordered log")
set(CPACK_VERBATIM_VARIABLES ON)
# Absolute paths, /etc, belong to the package too.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL program development)
set(CPACK_PRE_BUILD_SCRIPTS ${packaging_dir}/before_package.cmake)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_COMPONENT_PROGRAM_DESCRIPTION
  "One program, one data directory: the server, the commands that care for its
data, and a client. Devices upload what they have to say, and publish it by
moving one pointer, which only ever moves forward.")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME mentat-sync)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS "init-system-helpers (>= 1.54~)")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_CONTROL_EXTRA ${packaging_dir}/debian/conffiles
  ${packaging_dir}/debian/postinst ${packaging_dir}/debian/prerm ${packaging_dir}/debian/postrm)

set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
  "The libraries of mentat-sync, to embed its store, actors, server or client in
other programs, with a CMake package: find_package(MentatSync).")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME mentat-sync-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libboost1.81-dev | libboost-dev (>= 1.81), libcaf-dev,
  libcbor-dev, liblmdb-dev, libsimdjson-dev, libssl-dev, libzstd-dev, nlohmann-json3-dev,
  prometheus-cpp-dev, zlib1g-dev")
string(REGEX REPLACE "\n *" " " CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
  "${CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS}")
include(CPack)
