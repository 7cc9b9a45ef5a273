/* Range-based for over strings and arrays, auto, references.
 * expect:
 * a-b-c-bcd
 * 60
 */
#include <iostream>
#include <string>
using std::cout;
using std::endl;
using std::string;
int main() {
    string text = "abc";
    int numbers[] = {1, 2, 3};
    for (char c : text) cout << c << '-';
    for (auto &c : text) c = static_cast<char>(c + 1);
    cout << text << endl;
    int total = 0;
    for (int &n : numbers) n *= 10;
    for (const auto n : numbers) total += n;
    cout << total << endl;
    return 0;
}
