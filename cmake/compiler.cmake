# The compiler and what every target shares.
#
# GCC 12 destroys some temporaries twice inside co_await (a capturing lambda or a braced aggregate as an argument), so it is
# refused: on Debian 12 the compiler is clang-19.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR "GCC ${CMAKE_CXX_COMPILER_VERSION} miscompiles coroutines; use clang-19: scripts/build.sh does, "
                      "or set CXX=clang++-19")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

find_program(NARU_CCACHE ccache)
if(NARU_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${NARU_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${NARU_CCACHE})
endif()

add_library(naru_options INTERFACE)
target_compile_options(naru_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                                              -Wnon-virtual-dtor -Werror -fno-omit-frame-pointer)
target_include_directories(naru_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(naru_options INTERFACE
  NARU_VERSION="${PROJECT_VERSION}" BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE
  # Coroutine frames by operator new: nothing in them wants more than its 16 bytes of alignment, and aligned_alloc is the allocator's slow
  # way (a request makes some thirty frames).
  BOOST_ASIO_DISABLE_STD_ALIGNED_ALLOC BOOST_ASIO_DISABLE_BOOST_ALIGN)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_link_options(naru_options INTERFACE -fuse-ld=lld)
endif()
if(NARU_LTO)
  # What a request calls a hundred times (a header's name, a key of JSON, a label) lies in another floor's file: inlined at the link.
  target_compile_options(naru_options INTERFACE -flto=thin)
  target_link_options(naru_options INTERFACE -flto=thin -Wl,--thinlto-cache-dir=${CMAKE_BINARY_DIR}/lto)
endif()
if(NARU_SANITIZE)
  target_compile_options(naru_options INTERFACE -fsanitize=${NARU_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(naru_options INTERFACE -fsanitize=${NARU_SANITIZE})
endif()
if(NARU_FUZZ)
  target_compile_options(naru_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
