/* Enumerations of C++: enum class, an underlying type, names after ::, and names of file scope.
 * exit: 0
 * expect:
 * 1 7 8 40
 * green it is
 * red green dark
 * 2 1 4 8
 * 4 5 1099511627776
 * 1 5
 * npos
 * written
 */
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <string>
#include <unistd.h>

enum class Color { Red, Green, Blue = 7, Dark };
enum class State : uint8_t { Idle = 1, Busy };
enum Plain { A = 3, B, C };
enum Wide : long { Small, Large = 1L << 40 };

static int value = 5;

const char *name(Color c) {
  switch (c) {
  case Color::Red: return "red";
  case Color::Green: return "green";
  case Color::Blue: return "blue";
  default: return "dark";
  }
}

int main() {
  int Red = 40, value = 1;
  Color c = Color::Green;
  State s = State::Busy;
  printf("%d %d %d %d\n", (int)c, (int)Color::Blue, static_cast<int>(Color::Dark), Red);
  if (c == Color::Green)
    printf("green it is\n");
  printf("%s %s %s\n", name(Color::Red), name(c), name(Color::Dark));
  printf("%d %zu %zu %zu\n", (int)s, sizeof(s), sizeof(Color), sizeof(Wide));
  printf("%d %d %ld\n", Plain::B, C, (long)Wide::Large);
  printf("%d %d\n", value, ::value);
  std::string text = "abc";
  if (text.find("z") == std::string::npos)
    std::cout << "npos" << std::endl;
  ::write(1, "written\n", 8);
  ::close(1);
  return 0;
}
