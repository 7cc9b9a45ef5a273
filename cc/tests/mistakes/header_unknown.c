#include <stdio.h>
#include <ncurses/curses_x.h>

int main(void)
{
    WINDOW *w = initscr();
    printw("oi %d", LINES);
    endwin();
    printf("fim\n");
    return w != NULL;
}
