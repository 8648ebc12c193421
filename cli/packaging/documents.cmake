# The manual page and the shells' completions, written by the program that was just built, so that
# they say what it takes.
if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
  message(STATUS "No manual page and completions: the program cannot run on this machine")
  return()
endif()
set(documents_dir ${PROJECT_BINARY_DIR}/documents)
file(MAKE_DIRECTORY ${documents_dir})

# mentat_sync_document(FILE DESTINATION ARGUMENTS...): what the program prints, and where it goes.
function(mentat_sync_document file destination)
  add_custom_command(OUTPUT ${documents_dir}/${file}
    COMMAND mentat-sync ${ARGN} > ${documents_dir}/${file}
    DEPENDS mentat-sync
    COMMENT "Writing ${file}"
    VERBATIM)
  install(FILES ${documents_dir}/${file} DESTINATION ${destination} COMPONENT program)
  set_property(GLOBAL APPEND PROPERTY mentat_sync_documents ${documents_dir}/${file})
endfunction()

set(shells ${CMAKE_INSTALL_DATADIR})
mentat_sync_document(mentat-sync.1 ${CMAKE_INSTALL_MANDIR}/man1 man)
# bash looks for the command's name, zsh for that with an underscore.
mentat_sync_document(mentat-sync ${shells}/bash-completion/completions completion bash)
mentat_sync_document(_mentat-sync ${shells}/zsh/vendor-completions completion zsh)
mentat_sync_document(mentat-sync.fish ${shells}/fish/vendor_completions.d completion fish)

get_property(documents GLOBAL PROPERTY mentat_sync_documents)
add_custom_target(mentat_sync_documents ALL DEPENDS ${documents})
