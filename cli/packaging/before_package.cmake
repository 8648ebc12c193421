# Runs over what cpack is about to pack: what Debian wants of it, and cpack does not do.
file(GLOB_RECURSE archives ${CPACK_TEMPORARY_DIRECTORY}/*.a)
foreach(archive IN LISTS archives)
  execute_process(COMMAND strip --strip-debug --enable-deterministic-archives ${archive}
    COMMAND_ERROR_IS_FATAL ANY)
endforeach()
file(GLOB_RECURSE compressible ${CPACK_TEMPORARY_DIRECTORY}/*.1
  ${CPACK_TEMPORARY_DIRECTORY}/CHANGELOG.md)
foreach(file IN LISTS compressible)
  execute_process(COMMAND gzip -9nf ${file} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
