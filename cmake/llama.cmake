# libllama for naru-worker: the target naru_llama (headers, libraries, and where the libraries stand at run time).
#
# An installed llama.cpp wins when it is complete (its own CMake package, plus llama-common with its headers, which upstream's install
# leaves out on some systems). Else the pinned prebuilt runtime in NARU_LLAMA_DIR, which scripts/build.sh fetches.
set(NARU_LLAMA_DIR "${CMAKE_SOURCE_DIR}/.cache/llama" CACHE PATH "the prebuilt llama.cpp runtime: lib/, include/, ggml/include, common/")

add_library(naru_llama INTERFACE)

# Where a program that links naru_llama looks for its libraries besides the folder that they were linked from (CMake's own): where programs
# stand in bin/, in lib/naru/ beside it. The libraries find each other through an $ORIGIN of their own.
function(naru_llama_program target)
  set_target_properties(${target} PROPERTIES BUILD_RPATH "$ORIGIN/../lib/naru" INSTALL_RPATH "$ORIGIN/../lib/naru")
endfunction()

find_package(llama QUIET)
if(llama_FOUND)
  find_library(NARU_LLAMA_COMMON llama-common HINTS ${LLAMA_LIB_DIR})
  find_path(NARU_LLAMA_COMMON_INCLUDE NAMES chat.h PATH_SUFFIXES llama-common llama.cpp/common common HINTS ${LLAMA_INCLUDE_DIR})
endif()

if(llama_FOUND AND NARU_LLAMA_COMMON AND NARU_LLAMA_COMMON_INCLUDE)
  message(STATUS "llama.cpp: installed, ${LLAMA_LIB_DIR}")
  target_include_directories(naru_llama SYSTEM INTERFACE ${NARU_LLAMA_COMMON_INCLUDE})
  target_link_libraries(naru_llama INTERFACE ${NARU_LLAMA_COMMON} llama)
elseif(EXISTS ${NARU_LLAMA_DIR}/include/llama.h)
  message(STATUS "llama.cpp: prebuilt, ${NARU_LLAMA_DIR}")
  target_include_directories(naru_llama SYSTEM INTERFACE
    ${NARU_LLAMA_DIR}/include ${NARU_LLAMA_DIR}/ggml/include ${NARU_LLAMA_DIR}/common)
  # The versioned names are the libraries' sonames: no symbolic links are needed.
  file(GLOB libraries ${NARU_LLAMA_DIR}/lib/libllama-common.so ${NARU_LLAMA_DIR}/lib/libllama.*so* ${NARU_LLAMA_DIR}/lib/libggml.*so*
                      ${NARU_LLAMA_DIR}/lib/libggml-base.so)
  target_link_libraries(naru_llama INTERFACE ${libraries})
else()
  message(FATAL_ERROR "llama.cpp was not found: neither installed nor in NARU_LLAMA_DIR (${NARU_LLAMA_DIR}). "
                      "scripts/build.sh fetches it; -DNARU_LOCAL_BACKEND=OFF builds everything else without it")
endif()
