#include <stdio.h>
/* ação, coração, 日本, 😀 */
int main(void)
{
    printf("Olá, você é %s 😀\n", nome);
    return 0;
}
