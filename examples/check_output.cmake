# Runs PROGRAM and compares what it prints with the end of SOURCE, which reads like
#
#   // Output:
#   // first line
#   // second line
#
# The comparison is exact, but for white space at the end of the whole.
file(READ ${SOURCE} text)
string(FIND "${text}" "\n// Output:\n" place REVERSE)
if(place EQUAL -1)
  message(FATAL_ERROR "${SOURCE} does not end in a comment that begins with the line '// Output:'")
endif()
string(SUBSTRING "${text}" ${place} -1 expected)
string(REPLACE "\n// Output:\n" "\n" expected "${expected}")
string(REGEX REPLACE "\n// ?" "\n" expected "${expected}")
string(STRIP "${expected}" expected)

execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE printed RESULT_VARIABLE status)
string(STRIP "${printed}" printed)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} ended with '${status}' after printing\n${printed}")
endif()
if(NOT printed STREQUAL expected)
  message(FATAL_ERROR "${SOURCE} promises\n${expected}\n\nbut it printed\n${printed}")
endif()
