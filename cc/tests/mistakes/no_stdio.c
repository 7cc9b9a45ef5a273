int main(void)
{
    printf("oi\n");
    return 0;
}
