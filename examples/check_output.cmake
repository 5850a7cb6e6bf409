# Runs PROGRAM and compares what it prints with the end of SOURCE, which reads like
#
#   // Output:
#   // first line
#   // second line
#
# Where "// Errors:" follows, what the program writes to standard error has to be what stands there.
# The comparison is exact, but for white space at the end of the whole.
file(READ ${SOURCE} text)
string(FIND "${text}" "\n// Output:\n" place REVERSE)
if(place EQUAL -1)
  message(FATAL_ERROR "${SOURCE} does not end in a comment that begins with the line '// Output:'")
endif()
string(SUBSTRING "${text}" ${place} -1 expected)
string(REPLACE "\n// Output:\n" "\n" expected "${expected}")
string(FIND "${expected}" "\n// Errors:\n" place)
if(place GREATER -1)
  string(SUBSTRING "${expected}" ${place} -1 errors_expected)
  string(SUBSTRING "${expected}" 0 ${place} expected)
  string(REPLACE "\n// Errors:\n" "\n" errors_expected "${errors_expected}")
endif()

# compare(PROMISED PRINTED WHAT)
function(compare promised printed what)
  string(REGEX REPLACE "\n// ?" "\n" promised "${promised}")
  string(STRIP "${promised}" promised)
  string(STRIP "${printed}" printed)
  if(NOT printed STREQUAL promised)
    message(FATAL_ERROR "${SOURCE} promises as ${what}\n${promised}\n\nbut it printed\n${printed}")
  endif()
endfunction()

execute_process(COMMAND ${PROGRAM}
  OUTPUT_VARIABLE printed ERROR_VARIABLE errors_printed RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR
    "${PROGRAM} ended with '${status}' after printing\n${printed}\n${errors_printed}")
endif()
compare("${expected}" "${printed}" "output")
if(DEFINED errors_expected)
  compare("${errors_expected}" "${errors_printed}" "errors")
endif()
