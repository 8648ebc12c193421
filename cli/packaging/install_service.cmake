# Runs at installation: the units and the server's file, with the paths of the prefix. With /usr the
# file goes to /etc, as GNUInstallDirs has it, else below the prefix.
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr" OR CMAKE_INSTALL_PREFIX STREQUAL "/usr/")
  set(sysconfdir /etc)
else()
  set(sysconfdir ${CMAKE_INSTALL_PREFIX}/etc)
endif()
set(configdir ${sysconfdir}/mentat-sync)
set(bindir ${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR})

if(with_systemd)
  set(units mentat-sync.service mentat-sync-backup.service)
  foreach(unit IN LISTS units)
    configure_file(${packaging_dir}/${unit}.in ${written_dir}/${unit} @ONLY)
    file(INSTALL ${written_dir}/${unit} DESTINATION ${CMAKE_INSTALL_PREFIX}/lib/systemd/system)
  endforeach()
  file(INSTALL ${packaging_dir}/mentat-sync.socket ${packaging_dir}/mentat-sync-backup.timer
    DESTINATION ${CMAKE_INSTALL_PREFIX}/lib/systemd/system)
endif()

# What an administrator has written stays.
if(NOT EXISTS $ENV{DESTDIR}${configdir}/mentat-sync.toml)
  file(INSTALL ${packaging_dir}/mentat-sync.toml DESTINATION ${configdir})
endif()
