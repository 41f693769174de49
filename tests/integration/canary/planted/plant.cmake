# plant(<file> <old> <new>): in the copy of a source file <old> becomes <new>; the copy is made where there is none yet in this run.
# Called by scripts that are run as  cmake -DSOURCE=<repository> -DTARGET=<folder for the copies> -P <script>.
# Fails when <old> is not there exactly once, so that a defect which is no longer planted cannot pass for one that was not caught.
function(plant file old new)
  get_property(copied GLOBAL PROPERTY planted_files)
  if(file IN_LIST copied)
    file(READ ${TARGET}/${file} text)
  else()
    file(READ ${SOURCE}/${file} text)
    set_property(GLOBAL APPEND PROPERTY planted_files ${file})
  endif()
  string(FIND "${text}" "${old}" first)
  string(FIND "${text}" "${old}" last REVERSE)
  if(first EQUAL -1 OR NOT first EQUAL last)
    message(FATAL_ERROR "${file}: want exactly one '${old}'")
  endif()
  string(REPLACE "${old}" "${new}" text "${text}")
  file(WRITE ${TARGET}/${file} "${text}")
endfunction()
